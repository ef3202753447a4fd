// The one clock of a window. It ticks only while somebody looks at it.

/** Milliseconds now, renewed each second between `start` and `stop`. */
class Clock {
  now = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  #users = 0;

  /** Begins to tick; the answer ends it again. */
  start(): () => void {
    this.#users += 1;
    this.now = Date.now();
    this.#timer ??= setInterval(() => {
      this.now = Date.now();
    }, 1000);
    let running = true;
    return () => {
      if (!running) return;
      running = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}

export const clock = new Clock();
