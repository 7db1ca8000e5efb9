/**
 * Of all open pages of one browser one holds the telephone. The others show what it does and pass on what is pressed.
 * When the holding page is closed or left, the next one takes over by itself.
 */
export class Sharing {
  #channel;
  #last = null;

  /** `told`: gets the holder's snapshot on the other pages; `pressed`: gets a command on the holding page. */
  constructor(name, { told, pressed }) {
    this.name = name;
    this.holds = false;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => {
      if (data.kind === "state" && !this.holds) told(data.snapshot);
      else if (data.kind === "press" && this.holds) pressed(data.command);
      else if (data.kind === "hello" && this.holds && this.#last) this.tell(this.#last);
    };
  }

  /** Resolves once this page holds the telephone; until then it hears of whoever does. */
  hold() {
    this.#channel.postMessage({ kind: "hello" });
    return new Promise((held) => {
      navigator.locks.request(this.name, () => {
        this.holds = true;
        held();
        return new Promise(() => {}); // until the page is gone
      });
    });
  }

  tell(snapshot) {
    this.#last = snapshot;
    this.#channel.postMessage({ kind: "state", snapshot });
  }

  press(command) {
    this.#channel.postMessage({ kind: "press", command });
  }
}
