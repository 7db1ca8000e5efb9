/** The telephone in a browser, for every page that has one: the seat, the portal, the desk of the 110. */
export { Line, STATES } from "./line.mjs";
export { devices, meter, microphone, permission, playThrough, whyNot } from "./devices.mjs";
export { inAWord } from "./quality.mjs";
export { Ringer } from "./ringer.mjs";
