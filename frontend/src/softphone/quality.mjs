/** How well the two sides hear each other, from the browser's own counters. */

const EVERY_MS = 2_000;

/** Look at a connection every two seconds; returns what stops it. Losses are those of the last two seconds. */
export function watchQuality(connection, tell) {
  let before = { received: 0, lost: 0 };
  const timer = setInterval(async () => {
    if (connection.connectionState === "closed") return clearInterval(timer);
    const now = await counted(connection);
    const received = now.received - before.received;
    const lost = Math.max(0, now.lost - before.lost);
    before = now;
    const lossPercent = received + lost ? (100 * lost) / (received + lost) : 100;
    tell({ lossPercent, jitterMs: now.jitterMs, roundTripMs: now.roundTripMs });
  }, EVERY_MS);
  return () => clearInterval(timer);
}

async function counted(connection) {
  const found = { received: 0, lost: 0, jitterMs: 0, roundTripMs: 0 };
  for (const report of (await connection.getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "audio") {
      found.received += report.packetsReceived;
      found.lost += report.packetsLost;
      found.jitterMs = 1_000 * report.jitter;
    } else if (report.type === "candidate-pair" && report.nominated) {
      found.roundTripMs = 1_000 * (report.currentRoundTripTime ?? 0);
    }
  }
  return found;
}

/**
 * In a word. Speech suffers from about 3 % loss or 30 ms of jitter on (ITU-T G.113 appendix I, G.114 for 300 ms there and back).
 * @returns {"good"|"fair"|"bad"}
 */
export function inAWord({ lossPercent, jitterMs, roundTripMs }) {
  if (lossPercent > 8 || jitterMs > 80 || roundTripMs > 600) return "bad";
  return lossPercent > 3 || jitterMs > 30 || roundTripMs > 300 ? "fair" : "good";
}
