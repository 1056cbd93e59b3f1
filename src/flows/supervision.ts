import type { CallId, Extension } from '../domain/names.js';
import type { ListenMode } from './media.js';
import type { CallRecord } from './ports.js';

/** Somebody who takes part in a call of others without being one of the two. */
export interface Supervision {
  readonly id: string;
  readonly call: CallId;
  /** Who listens. */
  readonly supervisor: Extension;
  /** The colleague whose side is taken: whom a whisper reaches, and who is followed into other calls. */
  readonly colleague: Extension;
  readonly mode: ListenMode;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Tells programs and other instances that somebody listens to a call, does so otherwise, or has left. */
export interface SupervisionNews {
  tell(call: CallRecord, what: 'began' | 'changed' | 'ended', supervision: Supervision): Promise<void>;
}
