/** Microphones and speakers: which there are, which was chosen, how loud it is, and why one can't be had. */

const CLEAN = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** A microphone. `chosen` is a device's id, '' for the browser's own choice; one that was unplugged is left aside. */
export async function microphone(chosen = "", cleaning = CLEAN) {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("insecure", "SecurityError");
  const audio = chosen ? { ...cleaning, deviceId: { exact: chosen } } : cleaning;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio, video: false });
  } catch (error) {
    if (!chosen || !["OverconstrainedError", "NotFoundError"].includes(error.name)) throw error;
    return navigator.mediaDevices.getUserMedia({ audio: cleaning, video: false });
  }
}

/** What a browser says about the microphone before it is asked: "granted", "denied", "prompt"; "prompt" where it won't say. */
export async function permission() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state;
  } catch {
    return "prompt";
  }
}

/** {inputs, outputs}: each a list of {id, label}. Labels are empty until the microphone was allowed once. */
export async function devices() {
  const found = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const of = (kind) => found.filter((one) => one.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { inputs: of("audioinput"), outputs: of("audiooutput") };
}

/** Play through this device from now on, where the browser can. */
export async function playThrough(element, id) {
  if (element.setSinkId) await element.setSinkId(id).catch(() => {});
}

/** Why there is no microphone: "denied", "missing", "busy" or "insecure". */
export function whyNot(error) {
  if (error.name === "NotAllowedError") return "denied";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
  return error.name === "SecurityError" ? "insecure" : "busy";
}

/** Tell how loud a stream is, 0 to 1, ten times a second; returns what stops it. */
export function meter(stream, tell) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    tell(Math.min(1, Math.max(0, 1 + Math.log10(Math.max(power, 1e-7)) / 5)));
  }, 100);
  return () => {
    clearInterval(timer);
    context.close();
  };
}
