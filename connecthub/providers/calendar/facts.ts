/** Calendar answers within a few seconds; what takes fifteen is lost. */
const TIMEOUT_MS = 15_000;
/** What was on its way can be read well within it. */
const SETTLE_MS = 10_000;

export const COMMON = { version: 1, timeoutMs: TIMEOUT_MS };
export const CHANGE = { ...COMMON, settleMs: SETTLE_MS, permission: 'event.write' };
