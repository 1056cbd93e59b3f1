import type { Binding, Log, Registrar } from '../../flows/ports.js';
import type { WokenPhones } from '../../flows/waking-leg.js';
import { channels } from './keys.js';
import type { Subscriptions } from './subscriptions.js';

/** What telling of phones that have woken up needs. */
export interface WokenPhonesDeps {
  readonly subscriptions: Pick<Subscriptions, 'listen' | 'onResumed'>;
  readonly registrar: Pick<Registrar, 'phones'>;
  readonly log: Pick<Log, 'warn'>;
}

type Listener = (phones: readonly Binding[]) => void;

/** Listens from the start to what register.lua tells: a phone may be awake sooner than a subscription could be made. */
export const redisWokenPhones = ({ subscriptions, registrar, log }: WokenPhonesDeps): WokenPhones => {
  const followers = new Map<string, Set<() => void>>();
  subscriptions.listen(channels.woken, (message) => {
    for (const look of followers.get(message) ?? []) look();
  });
  subscriptions.onResumed(() => {
    for (const looks of followers.values()) for (const look of looks) look();
  });
  return (tenant, number) => (listener: Listener) => {
    const message = `${tenant} ${number}`;
    const looks = followers.get(message) ?? new Set();
    const look = (): void => {
      const tell = (phones: readonly Binding[]) => void (looks.has(look) && listener(phones));
      registrar
        .phones(tenant, number)
        .then(tell)
        .catch((error) => log.warn({ tenant, number, error: String(error) }, 'woken phone not found'));
    };
    followers.set(message, looks.add(look));
    return () => {
      looks.delete(look);
      if (looks.size === 0 && followers.get(message) === looks) followers.delete(message);
    };
  };
};
