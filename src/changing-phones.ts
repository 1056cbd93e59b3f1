import { isPin } from './adapters/office/pin-hash.js';
import type { Metrics } from './adapters/prometheus/meter.js';
import type { KeptOffices } from './flows/keep-offices.js';
import type { Log } from './flows/ports.js';
import { makeReplacePhone, type ReplacePhone } from './flows/replace-phone.js';
import type { Store } from './store.js';

/** What changing phones stands on. */
interface Ground {
  readonly store: Store;
  readonly offices: KeptOffices;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Phones change hands the same way, whether a phone asks for it or a program. */
export const changingPhones = ({ store, offices, metrics, log }: Ground): ReplacePhone =>
  makeReplacePhone({
    ...{ changes: store.phoneChanges, tries: store.pinTries, isPin, log },
    ...{ takeIn: offices.readPersonal, replaced: metrics.replaced },
  });
