import type { Conversation, ReinviteHandler } from './phone-conversation.js';

/** How phones behave badly when somebody wants their session changed; for {@link Conversation.onReinvite}. */

/** Changes nothing. */
export const refuses =
  (status = 488): ReinviteHandler =>
  () => ({ status });

/** Says 491 so many times, as a phone does that wants a change itself; then it agrees. */
export const isBusyChanging = (times: number): ReinviteHandler => {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? { status: 491 } : undefined;
  };
};

/** Has nothing to say, not even no. What it has not said is still open when the call is over, so `says` lets it end. */
export const neverAnswers = (): { readonly handler: ReinviteHandler; says(): void } => {
  let say: () => void = () => undefined;
  const when = new Promise<void>((resolve) => {
    say = resolve;
  });
  return { handler: () => ({ when, status: 487 }), says: () => say() };
};

/** Hangs up in the middle of being asked. */
export const hangsUpWhenAsked =
  (conversation: Conversation): ReinviteHandler =>
  () => {
    void conversation.hangsUp();
    return { status: 487 };
  };

/** Agrees, and does not say to what. */
export const answersWithoutSdp = (): ReinviteHandler => () => ({ sdp: '' });
