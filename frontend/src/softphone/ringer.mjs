/** A ringing tone without a sound file: two soft notes, a second long, every three seconds. */

const EVERY_MS = 3_000;
const NOTES = [[523, 0], [659, 0.28], [523, 0.56]]; // Hz, seconds after the start

export class Ringer {
  #context = null;
  #timer = 0;

  /** Browsers let a page sound only after somebody has touched it; call this from such a moment. */
  wake() {
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {});
  }

  start() {
    this.stop();
    this.wake();
    this.#sound();
    this.#timer = setInterval(() => this.#sound(), EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Once, to hear whether the speaker works. */
  once() {
    this.wake();
    this.#sound();
  }

  #sound() {
    const now = this.#context.currentTime;
    for (const [hertz, after] of NOTES) this.#note(hertz, now + after);
  }

  #note(hertz, at) {
    const tone = this.#context.createOscillator();
    const volume = this.#context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.18, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
    tone.connect(volume).connect(this.#context.destination);
    tone.start(at);
    tone.stop(at + 0.55);
  }
}
