import type { TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Log } from '../ports.js';
import type { Clock } from '../watch/clock.js';
import type { Letter, PostLetter, SignedWebhook } from './post-letter.js';
import type { WebhookMeter } from './webhook-meter.js';

/** What bringing events to receivers needs. */
export interface BringDeps {
  readonly post: PostLetter;
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly clock: Clock;
  /** A number from 0 up to 1, without 1. */
  readonly chance: () => number;
  readonly meter: WebhookMeter;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** One company's receiver, as its events have found it. */
export interface Receiver {
  readonly company: TenantId;
  /** The last try failed. */
  isFailing: boolean;
  /** No pauses any more: what is left is tried once. */
  isLast: boolean;
  /** Ends a pause before the next try. */
  wake(): void;
}

/** Seconds before each further try, each a fifth more or less: instances do not try in step. */
const pauses = [1, 2, 4, 8, 16];

/** Tries until the receiver has the event, or there are no more tries; true if it has. Never rejects. */
export const bringLetter = async (deps: BringDeps, receiver: Receiver, letter: Letter): Promise<boolean> => {
  for (const pause of [...pauses, undefined]) {
    const webhook = webhookOf(deps, receiver);
    if (!webhook) return false;
    const why = await deps.post(webhook, letter);
    tell(deps, receiver, { host: new URL(webhook.url).host, why });
    if (why === undefined) return true;
    if (pause === undefined || receiver.isLast) return false;
    deps.meter.posted('retried');
    await rest(deps, receiver, pause * 1000 * (0.8 + 0.4 * deps.chance()));
  }
  return false;
};

/** The webhook as the company has it by now. */
const webhookOf = ({ tenant }: BringDeps, { company }: Receiver): SignedWebhook | undefined => {
  const webhook = tenant(company)?.webhook;
  return webhook?.secret === undefined ? undefined : { ...webhook, secret: webhook.secret };
};

/** A receiver that takes no events is told of once, and once when it takes them again; of its URL no more than the host. */
const tell = (
  { log }: BringDeps,
  receiver: Receiver,
  { host, why }: { host: string; why: string | undefined },
): void => {
  const facts = { tenant: receiver.company, receiver: host };
  if (why !== undefined && !receiver.isFailing) log.warn({ ...facts, why }, 'webhook takes no events');
  if (why === undefined && receiver.isFailing) log.info(facts, 'webhook takes events again');
  receiver.isFailing = why !== undefined;
};

const rest = ({ clock }: BringDeps, receiver: Receiver, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    receiver.wake = () => {
      cancel();
      resolve();
    };
  });
