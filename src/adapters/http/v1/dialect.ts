import type { Dialect } from '../api.js';
import { addCalls } from './calls.js';
import { addCandidates } from './candidates.js';
import { addChangedPhones } from './changed-phones.js';
import { type StreamOptions, usualStreams } from './event-stream.js';
import { addEvents } from './events.js';
import { addExplanations } from './explanations.js';
import { addExtensions } from './extensions.js';
import { addOutsideNumbers } from './outside-numbers.js';
import { addPickups } from './pickups.js';
import { addPresence } from './presence.js';
import { ProblemJson, problemJson } from './problem-json.js';
import { addReplacePin } from './replace-pin.js';
import { addSteals } from './steals.js';
import { addSupervision } from './supervision.js';
import { addSupervisions } from './supervisions.js';

/** Our own API, with its streams kept as it is said. */
export const makeV1 = (streams: StreamOptions): Dialect => ({
  name: 'callpickup',
  description:
    'Calls, what of them may be picked up, pickups, why and why not, and what happens as it happens; extensions and whose phones they have',
  prefix: '/v1',
  errorSchema: ProblemJson,
  errorType: 'application/problem+json',
  errorAnswer: problemJson,
  routes: (api) => async (app) => {
    addCalls(app, api);
    addCandidates(app, api);
    addPickups(app, api);
    addExplanations(app, api);
    addSupervisions(app, api);
    addSupervision(app, api);
    addSteals(app, api);
    addExtensions(app, api);
    addPresence(app, api);
    addOutsideNumbers(app, api);
    addReplacePin(app, api);
    addChangedPhones(app, api);
    addEvents(app, api, streams);
  },
});

/** Our own API. */
export const v1: Dialect = makeV1(usualStreams);
