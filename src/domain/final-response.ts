/** A phone's final no. */
export interface Failure {
  readonly status: number;
  readonly reason?: string;
}

/**
 * What the caller hears when every phone said no (RFC 3261 section 16.7 step 6): a 6xx ends all; otherwise the lowest
 * class wins, and in it a phone that a person declined or that is busy says more than one that was not to be reached.
 * Challenges and redirections of a phone are never the caller's business.
 */
export const bestFailure = (failures: readonly Failure[]): Failure => {
  const told = failures.map(forCaller);
  const final = told.find(({ status }) => status >= 600);
  return final ?? told.sort((a, b) => weight(a.status) - weight(b.status))[0] ?? unavailable;
};

const unavailable: Failure = { status: 480 };

/** Our own CANCEL came back, the stack could not send, or our INVITE was too short-lived: nothing that the callee said. */
const ours: ReadonlySet<number> = new Set([408, 422, 487, 503]);

const forCaller = (failure: Failure): Failure => {
  const { status } = failure;
  if (status === 401 || status === 407 || status < 400) return unavailable;
  return ours.has(status) ? unavailable : failure;
};

const weight = (status: number): number => {
  if (status === 486 || status === 603) return 0;
  if (status === unavailable.status) return 900;
  return status;
};
