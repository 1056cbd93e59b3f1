/** What the parties of a call hear when somebody begins to listen to it or enters it. */
export const notices = ['none', 'beep', 'announcement'] as const;

/** Who makes the ringing tone that a caller hears: the own phone, or the media server (early media). */
export const ringbacks = ['phone', 'server'] as const;

/** What a company wants of the media server beyond what its calls need. */
export interface TenantMedia {
  readonly notice: (typeof notices)[number];
  readonly ringback: (typeof ringbacks)[number];
  /** Who is refused a pickup hears why. */
  readonly prompts: boolean;
  /** Who picks up hears the numbers of caller and called before the call. */
  readonly announce: boolean;
  /** Seconds after which who looks at a call first (`*94`) has it. */
  readonly previewSeconds: number;
}

/** A company that says nothing of it. */
export const usualMedia: TenantMedia = {
  notice: 'none',
  ringback: 'phone',
  prompts: false,
  announce: false,
  previewSeconds: 5,
};
