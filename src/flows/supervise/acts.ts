import type { ListenMode } from '../media.js';
import type { SupervisionAct } from '../ports.js';

/** What somebody does who takes part in a call, in the words of the policy. */
export type ListeningAct = Exclude<SupervisionAct, 'steal'>;

const acts: Readonly<Record<ListenMode, ListeningAct>> = { listen: 'eavesdrop', whisper: 'whisper', barge: 'barge' };

/** The act that a mode is. */
export const actOf = (mode: ListenMode): ListeningAct => acts[mode];

const modes: Readonly<Record<string, ListenMode>> = { 1: 'listen', 2: 'whisper', 3: 'barge' };

/** The mode that a key of the supervisor's phone asks for; other keys mean nothing. */
export const modeOfKey = (digit: string): ListenMode | undefined => modes[digit];
