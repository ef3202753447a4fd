// Moves the preview with the pointer. The system's own dragging would take the focus.
import type { DragPhase } from "../../ipc/bindings/DragPhase";

/** Pixels that a press may shake before it is a drag. */
const SLACK = 4;

/** Lets `node` drag the window; presses on buttons stay presses. */
export function dragWindow(node: HTMLElement, move: (phase: DragPhase, x: number, y: number) => void): () => void {
  let start: { x: number; y: number } | null = null;
  let dragging = false;

  const down = (event: PointerEvent): void => {
    const onButton = event.target instanceof Element && event.target.closest("button") !== null;
    if (event.button !== 0 || onButton) return;
    start = { x: event.screenX, y: event.screenY };
    node.setPointerCapture(event.pointerId);
  };
  const moved = (event: PointerEvent): void => {
    if (start === null) return;
    const far = Math.hypot(event.screenX - start.x, event.screenY - start.y) >= SLACK;
    if (!dragging && !far) return;
    if (!dragging) move("start", start.x, start.y);
    dragging = true;
    move("move", event.screenX, event.screenY);
  };
  const up = (event: PointerEvent): void => {
    if (dragging) move("end", event.screenX, event.screenY);
    start = null;
    dragging = false;
  };

  node.addEventListener("pointerdown", down);
  node.addEventListener("pointermove", moved);
  node.addEventListener("pointerup", up);
  node.addEventListener("pointercancel", up);
  return () => {
    node.removeEventListener("pointerdown", down);
    node.removeEventListener("pointermove", moved);
    node.removeEventListener("pointerup", up);
    node.removeEventListener("pointercancel", up);
  };
}
