/** Something that happens once, and who waits for it. */
export interface Moment {
  readonly come: Promise<void>;
  happens(): void;
}

/** A moment that is still to come. */
export const makeMoment = (): Moment => {
  let happens: () => void = () => undefined;
  const come = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { come, happens: () => happens() };
};
