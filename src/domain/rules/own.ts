import type { Act, Ask, Grant } from './rule.js';

/** Whether a picker asks about the own extension, perhaps from another phone. */
export const isOwn = ({ picker, target }: Ask): boolean => target.kind === 'extension' && target.number === picker;

const rightsOverOneself: ReadonlySet<Act> = new Set(['pickup', 'view-other-party', 'set-presence']);

/**
 * What everybody may do to the own extension: take a call that rings at another phone of it by naming it
 * (docs/decisions/0004), see whom it talks to, and say how one is. No model adds to it.
 */
export const ownExtension = ({ act, by }: Ask): Grant | undefined =>
  rightsOverOneself.has(act) && (act !== 'pickup' || by === 'number')
    ? { model: 'own', rule: 'own-extension' }
    : undefined;
