import { type Codec, carriesMedia, codecsOf, isSameCodec, isTelephoneEvent } from './codec.js';
import { parametersFit, parametersFor } from './codec-parameters.js';
import type { Pair } from './line.js';
import type { CrossingPolicy } from './policy.js';
import { type Refused, refused } from './refusal.js';
import { commonEvents } from './telephone-event.js';

/** One codec as both parties know it. */
interface SharedCodec {
  readonly caller: Codec;
  readonly picker: Codec;
}

/** What each answer lists: the codecs of the party that it describes. */
export interface AgreedCodecs {
  readonly ok: true;
  readonly toCaller: readonly Codec[];
  readonly toPicker: readonly Codec[];
}

const withParameters = (codec: Codec, parameters: string | undefined): Codec => ({ ...codec, parameters });

const sharedCodecs = ({ caller, picker }: Pair): SharedCodec[] => {
  const theirs = codecsOf(picker.media);
  return codecsOf(caller.media).flatMap((codec) =>
    theirs.filter((other) => isSameCodec(codec, other)).map((other) => ({ caller: codec, picker: other })),
  );
};

// A sender uses the numbers of the description that it received, and an answer should repeat those of the offer:
// both hold only where the two offers agree (RFC 3264 section 6.1).
const isNumberedAlike = ({ caller, picker }: SharedCodec): boolean => caller.payload === picker.payload;

const telephoneEvents = (shared: readonly SharedCodec[], spoken: SharedCodec): SharedCodec[] => {
  const usable = shared
    .filter(({ caller }) => isTelephoneEvent(caller) && caller.rate === spoken.caller.rate)
    .flatMap(({ caller, picker }) => {
      const events = commonEvents(caller, picker);
      return events ? [{ caller: withParameters(caller, events), picker: withParameters(picker, events) }] : [];
    });
  const best = usable.find(isNumberedAlike) ?? usable[0];
  return best ? [best] : [];
};

const choiceAround = (spoken: SharedCodec, shared: readonly SharedCodec[], policy: CrossingPolicy) => {
  if (!parametersFit(spoken.caller, spoken.picker)) return refused('codec-parameters-differ');
  const chosen = [spoken, ...telephoneEvents(shared, spoken)];
  if (!policy.allowPayloadRemap && !chosen.every(isNumberedAlike)) return refused('payload-number-differs');
  return { ok: true as const, chosen };
};

const described = (codec: Codec, reader: Codec): Codec => withParameters(codec, parametersFor(codec, reader));

/**
 * One codec for a pair of lines, and telephone-event beside it: the caller's favourite among those that both have and that
 * cross cleanly. If none does, the reason of the favourite (RFC 3264 section 6.1).
 */
export const agreeOnCodecs = (pair: Pair, policy: CrossingPolicy): AgreedCodecs | Refused => {
  const shared = sharedCodecs(pair);
  const choices = shared
    .filter(({ caller }) => carriesMedia(caller))
    .map((spoken) => choiceAround(spoken, shared, policy));
  const choice = choices.find(({ ok }) => ok) ?? choices[0] ?? refused('no-common-codec');
  if (!choice.ok) return choice;
  return {
    ok: true,
    toCaller: choice.chosen.map(({ caller, picker }) => described(picker, caller)),
    toPicker: choice.chosen.map(({ caller, picker }) => described(caller, picker)),
  };
};
