/** Notices when messages are missing, whose numbers grow by one. */
export interface MessageNumbers {
  /** Of the last message that was heard; before the first, what the store said; undefined if nothing is known. */
  readonly last: number | undefined;
  /** What the store says the last number is, for who has heard no message yet. */
  begin(number: number): void;
  /** Whether messages may be missing before this one. The numbers begin again when the store has lost them. */
  isGapBefore(number: number): boolean;
  /** Messages may have been missed: what comes next is as good as the first. */
  forget(): void;
}

/** Knows no number yet. */
export const messageNumbers = (): MessageNumbers => {
  let last: number | undefined;
  return {
    get last() {
      return last;
    },
    begin: (number) => {
      last ??= number;
    },
    isGapBefore: (number) => {
      const isGap = last !== undefined && number !== last + 1;
      last = number;
      return isGap;
    },
    forget: () => {
      last = undefined;
    },
  };
};
