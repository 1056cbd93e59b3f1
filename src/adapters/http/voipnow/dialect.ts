import type { Dialect } from '../api.js';
import { ErrorJson, errorJson } from './error-json.js';
import { addListing } from './listing.js';
import { addPickUp } from './pick-up.js';

/** VoipNow's UnifiedAPI, as far as it picks up phone calls. */
export const voipnow: Dialect = {
  name: 'VoipNow',
  description: 'UnifiedAPI: List PhoneCalls and PickUp PhoneCalls',
  prefix: '/uapi',
  errorSchema: ErrorJson,
  errorAnswer: errorJson,
  routes: (api) => async (app) => {
    addListing(app, api);
    addPickUp(app, api);
  },
};
