/** What members are shown of a caller who waits. */
export const shownCallers = ['nothing', 'number', 'name-and-number'] as const;

/** One of {@link shownCallers}. */
export type ShownCaller = (typeof shownCallers)[number];

/** Hours of the day in which nobody is told, `HH:MM`; `until` is the first minute that is not quiet any more. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
  /** The IANA name of the time zone they are meant in; UTC unless it is said. */
  readonly zone?: string;
}

/** That a pickup group tells its members of a call that waits. */
export interface WaitingNotice {
  /** Seconds that the call has rung. */
  readonly after: number;
  readonly shows: ShownCaller;
  readonly quiet?: QuietHours;
}

/** The same as it is written. */
export interface WaitingNoticeDocument {
  after: number;
  shows?: ShownCaller;
  quiet?: { from: string; until: string; zone?: string };
}

/** A notice of its document: a group that does not say otherwise shows the number alone. */
export const waitingNoticeOf = ({ after, shows = 'number', quiet }: WaitingNoticeDocument): WaitingNotice => ({
  after,
  shows,
  ...(quiet && { quiet }),
});

/** Whether this moment, in milliseconds since 1970, lies in the quiet hours; from and until the same are a whole day. */
export const isQuietAt = ({ from, until, zone = 'UTC' }: QuietHours, at: number): boolean => {
  const now = timeOfDay(at, zone);
  return from < until ? from <= now && now < until : from <= now || now < until;
};

/** True if there is such a time zone. */
export const isTimeZone = (zone: string): boolean => {
  try {
    timeOfDay(0, zone);
    return true;
  } catch {
    return false;
  }
};

/** `HH:MM`, from 00:00 to 23:59; throws if there is no such time zone. */
const timeOfDay = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
