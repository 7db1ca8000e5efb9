/**
 * One telephone in a browser: signed in at the engine, at most one call at a time.
 *
 * Whoever uses it says how to get an account and which microphone to take; what happens is told by events:
 *  - `change`: `state` is another one (see STATES)
 *  - `ring`: somebody calls; `detail` is {call, purpose}, ids and words from the engine's own headers
 *  - `talking`: voices are connected; `over`: it has ended, `detail` is {cause, byUs}
 *  - `quality`: {lossPercent, jitterMs, roundTripMs} every two seconds of a talk
 */
import JsSIP from "jssip";
import { watchQuality } from "./quality.mjs";

export const STATES = Object.freeze({
  OFF: "off", CONNECTING: "connecting", READY: "ready", LOST: "lost", UNAVAILABLE: "unavailable",
});
const REGISTER_SECONDS = 60;
const RECOVER_SECONDS = [1, 5]; // first and longest wait before the socket is opened again
const CANDIDATES_MS = 400; // a dead STUN server must not delay the answer
const NEW_ACCOUNT_MS = [1_000, 2_000, 5_000, 10_000, 20_000];
const LOST_FOR_GOOD = 4; // so many sockets refused in a row: the account is no longer good

export class Line extends EventTarget {
  #options;
  #ua = null;
  #session = null;
  #stream = null;
  #wasDown = false;
  #refusals = 0;
  #attempt = 0;
  #timer = 0;
  #stopped = true;
  #stopWatching = () => {};

  /**
   * @param {object} options account: () => Promise of {uri, password, socket, ice_servers}; microphone: () => Promise of a
   *   MediaStream; speaker: the <audio> that plays the other side; name: what we call ourselves to the engine
   */
  constructor(options) {
    super();
    this.#options = options;
    this.state = STATES.OFF;
    this.why = null;
  }

  /** Sign in, and stay signed in until stop(). */
  async start() {
    this.#stopped = false;
    clearTimeout(this.#timer);
    if (!this.inCall) this.#set(STATES.CONNECTING);
    try {
      const account = await this.#options.account();
      if (this.#stopped) return;
      this.#attempt = 0;
      this.#open(account);
    } catch (error) {
      this.why = error;
      this.#set(STATES.UNAVAILABLE);
      this.#again(error.retryAfter);
    }
  }

  /** Sign out; a call ends. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#ua?.stop();
    this.#ua = null;
    this.#set(STATES.OFF);
  }

  get inCall() {
    return Boolean(this.#session && !this.#session.isEnded());
  }

  get isTalking() {
    return Boolean(this.#session?.isEstablished());
  }

  get isMuted() {
    return Boolean(this.#session?.isMuted().audio);
  }

  /** Pick up. Rejects where the microphone can't be had; the telephone goes on ringing then. */
  async answer() {
    const session = this.#session;
    const mediaStream = await this.#takeMicrophone();
    if (!session || session.isEnded()) return this.#dropMicrophone();
    session.answer({ mediaStream, pcConfig: this.#media() });
  }

  /** Dial what this account may dial. */
  async call(target) {
    const mediaStream = await this.#takeMicrophone();
    this.#take(this.#ua.call(`sip:${target}@${this.#options.realm ?? "hotline"}`, { mediaStream, pcConfig: this.#media() }));
  }

  /** Decline what rings, or hang up. */
  hangUp() {
    const session = this.#session;
    if (!session || session.isEnded()) return;
    if (session.isEstablished() || session.direction === "outgoing") session.terminate();
    else session.terminate({ status_code: 486 });
  }

  mute(on) {
    if (!this.isTalking) return;
    if (on) this.#session.mute({ audio: true });
    else this.#session.unmute({ audio: true });
  }

  press(key) {
    if (this.isTalking) this.#session.sendDTMF(key, { transportType: "RFC2833" });
  }

  /** Speak through another microphone from now on. */
  async changeMicrophone() {
    if (!this.isTalking) return;
    const before = this.#stream;
    this.#stream = await this.#options.microphone();
    const [track] = this.#stream.getAudioTracks();
    track.enabled = !this.isMuted;
    for (const sender of this.#session.connection.getSenders()) await sender.replaceTrack(track);
    before?.getTracks().forEach((old) => old.stop());
  }

  #open(account) {
    this.#ua?.stop();
    this.#refusals = 0;
    this.account = account;
    const socket = new URL(account.socket, location.href);
    socket.protocol = socket.protocol.replace("http", "ws");
    const ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(socket.href)],
      uri: account.uri,
      contact_uri: contactOf(account.uri),
      password: account.password,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: RECOVER_SECONDS[0],
      connection_recovery_max_interval: RECOVER_SECONDS[1],
      user_agent: this.#options.name,
    });
    this.#ua = ua;
    const on = (name, act) => ua.on(name, (event) => ua === this.#ua && act(event));
    on("registered", () => this.#registered());
    on("unregistered", () => !this.#stopped && this.#set(STATES.LOST));
    on("registrationFailed", () => this.#refused());
    on("disconnected", () => this.#disconnected());
    on("newRTCSession", (event) => this.#arrived(event));
    ua.start();
  }

  #registered() {
    this.#refusals = 0;
    this.why = null;
    this.#set(STATES.READY);
    // The engine still sends this call's requests to the socket that is gone: tell it where we are now.
    if (this.#wasDown && this.isTalking) this.#session.renegotiate({});
    this.#wasDown = false;
  }

  #disconnected() {
    this.#wasDown = true;
    if (this.#stopped) return;
    this.#set(STATES.LOST);
    this.#refusals += 1;
    if (this.#refusals >= LOST_FOR_GOOD) this.#refused();
  }

  /** The engine no longer knows this account. A call that goes on is not disturbed: it has its own path. */
  #refused() {
    this.#set(STATES.LOST);
    if (!this.inCall) this.#again();
  }

  #again(seconds = 0) {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const wait = NEW_ACCOUNT_MS[Math.min(this.#attempt, NEW_ACCOUNT_MS.length - 1)];
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.start(), Math.max(wait, seconds * 1_000));
  }

  #arrived({ session, originator, request }) {
    if (originator !== "remote") return;
    if (this.inCall) return session.terminate({ status_code: 486 });
    this.#take(session);
    const detail = {
      call: request.getHeader("X-Qingting-Call") ?? "",
      purpose: request.getHeader("X-Qingting-Purpose") ?? "",
    };
    this.#tell("ring", detail);
  }

  #take(session) {
    this.#session = session;
    session.on("peerconnection", ({ peerconnection }) => this.#listen(peerconnection));
    if (session.connection) this.#listen(session.connection);
    session.on("icecandidate", ({ ready }) => setTimeout(ready, CANDIDATES_MS));
    session.on("progress", () => this.#tell("progress"));
    session.on("confirmed", () => this.#connected());
    for (const name of ["ended", "failed"]) session.on(name, (event) => this.#over(session, event));
  }

  #listen(connection) {
    connection.addEventListener("track", ({ streams, track }) => {
      const { speaker } = this.#options;
      speaker.srcObject = streams[0] ?? new MediaStream([track]);
      speaker.play().catch(() => this.#tell("silent"));
    });
  }

  #connected() {
    this.#stopWatching();
    this.#stopWatching = watchQuality(this.#session.connection, (detail) => this.#tell("quality", detail));
    this.#tell("talking");
  }

  #over(session, { cause, originator }) {
    if (session !== this.#session) return;
    this.#session = null;
    this.#stopWatching();
    this.#dropMicrophone();
    this.#options.speaker.srcObject = null;
    this.#tell("over", { cause, byUs: originator === "local" });
    if (this.state === STATES.LOST && this.#refusals >= LOST_FOR_GOOD) this.#again();
  }

  async #takeMicrophone() {
    this.#dropMicrophone();
    this.#stream = await this.#options.microphone();
    return this.#stream;
  }

  #dropMicrophone() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
  }

  #media() {
    return { iceServers: this.account?.ice_servers ?? [] };
  }

  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell("change");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/**
 * Where the engine finds this socket (RFC 7118, section 5.4), with the account's own name in it: a call that comes in is
 * addressed to that name, so that all we say in it, its end among it, is said by the account, which is all that the
 * websocket lets through.
 */
function contactOf(uri) {
  const [, user] = /^sips?:([^@]+)@/.exec(uri) ?? [];
  const host = Math.random().toString(36).slice(2, 12);
  return `sip:${user}@${host}.invalid;transport=ws`;
}
