import type { Group } from '../../domain/group.js';
import { startSoundOf } from '../../domain/hunt.js';
import type { AnchorDeps } from '../anchor/anchor-deps.js';
import { hearBeforeRinging } from '../anchor/early-media.js';
import { makesKeys } from '../anchor/take-through.js';
import type { LiveCall } from '../live-call.js';
import { playBriefly } from '../play-briefly.js';
import type { IncomingLeg } from '../ports.js';

/** Who was moved here hears its old call; who makes keys with the server may do so only when it is answered, and nobody waits for that. */
const hearsEarly = (caller: IncomingLeg): boolean =>
  caller.offer.kind === 'sdp' && !caller.isEstablished && !makesKeys(caller);

/** Longest greeting, in milliseconds: nobody rings meanwhile. */
const longest = 60_000;

/**
 * Has the caller hear the group's startAudio before anybody is rung (TelecomX). Settles when it is over, or the call is; at
 * once where it cannot be heard, which the log tells. Never rejects.
 */
export const greet = async (
  deps: Pick<AnchorDeps, 'media' | 'mediaUse'>,
  call: LiveCall,
  group: Group,
): Promise<void> => {
  const { startAudio } = group;
  if (startAudio === undefined) return;
  const sound = startSoundOf(call.tenant, group);
  const unheard = (why: string) =>
    call.log.warn({ group: group.name, startAudio, why }, 'group rings without its sound');
  if (!sound) return unheard('unknown-sound');
  if (!hearsEarly(call.caller)) return unheard('caller-cannot-hear');
  const endpoint = call.toPhones.kind === 'delayed' ? await hearBeforeRinging(deps, call) : undefined;
  if (call.isOver) return;
  if (!endpoint) return unheard('media-unavailable');
  await Promise.race([playBriefly(endpoint, longest, [sound]), call.over, endpoint.gone]);
};
