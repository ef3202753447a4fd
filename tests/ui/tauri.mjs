// Stands in for the shell inside the page: answers commands, sends events, remembers what was asked.
// Runs in the browser before any script of the window; nothing from outside this function is in reach.

/** @param {{window: string, appearance: object, replies: Record<string, unknown>, commands: Record<string, unknown>}} scene */
export function standIn(scene) {
  const callbacks = new Map();
  const listeners = new Map();
  let next = 1;
  window.__asked = [];
  window.__emit = (event, payload) => {
    for (const [id, listener] of listeners) {
      if (listener.event === event) callbacks.get(listener.handler)?.({ event, id, payload });
    }
  };
  window.__replies = scene.replies;

  function answer(command, values) {
    if (command === "plugin:event|listen") {
      const id = next++;
      listeners.set(id, { event: values.event, handler: values.handler });
      return id;
    }
    if (command.startsWith("plugin:")) return null;
    window.__asked.push({ command, ...values });
    if (command === "appearance") return scene.appearance;
    if (command.startsWith("ask_")) {
      const reply = window.__replies[values.request.request];
      if (reply === "never") return new Promise(() => undefined);
      return reply ?? { reply: "done" };
    }
    return scene.commands[command] ?? null;
  }

  const current = { label: scene.window };
  window.__TAURI_INTERNALS__ = {
    metadata: { currentWindow: current, currentWebview: { windowLabel: scene.window, label: scene.window } },
    transformCallback(callback) {
      const id = next++;
      callbacks.set(id, callback);
      return id;
    },
    unregisterCallback: (id) => callbacks.delete(id),
    invoke: async (command, values = {}) => answer(command, values),
    convertFileSrc: (path) => path,
  };
  window.__TAURI_EVENT_PLUGIN_INTERNALS__ = { unregisterListener: (_event, id) => listeners.delete(id) };
}
