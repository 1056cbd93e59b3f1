import type { CallId, Extension, TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { WebhookEvent } from '../../domain/tenant-webhook.js';
import { callNews, type NewsOf } from '../call-news.js';
import { calleesOf } from '../callees.js';
import type { NumberedNews } from '../news.js';
import type { CallRecord, CallStore } from '../ports.js';
import type { Webhooks } from '../webhooks.js';

/** What telling webhooks needs. */
export interface TellEventDeps {
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly webhooks: Pick<Webhooks, 'send'>;
  /** The event as programs of the company read it; undefined if they may not hear of it. */
  readonly write: (tenant: Tenant, news: NumberedNews) => string | undefined;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The same for all that happens to the calls of this instance. */
export interface TellWebhookDeps extends TellEventDeps {
  readonly calls: CallStore;
}

/** What may be new about a call that a webhook can be told. */
type Told = Extract<NewsOf, { readonly event: WebhookEvent }>;

/**
 * A store that has what happens to the calls of this instance posted to the webhooks of their companies. It stands next to
 * the store, so that each event is told once and by the owner of its call; where the store is away, it is told all the same.
 */
export const tellWebhook = (deps: TellWebhookDeps): CallStore => {
  const { calls } = deps;
  const rings = new Map<CallId, ReadonlySet<Extension>>();
  const tell = (call: CallRecord, what: Told) => tellEvent(deps, call, what);
  return {
    ...calls,
    begin: (call, ...rest) => {
      rings.set(call.id, new Set());
      return calls.begin(call, ...rest);
    },
    ring: (call, since, dialogs) => {
      const [before, now] = [rings.get(call.id), calleesOf(call)];
      if (now.some((each) => !before?.has(each))) tell(call, { event: 'ringing' });
      rings.set(call.id, new Set(now));
      return calls.ring(call, since, dialogs);
    },
    answer: (call, by) => {
      const told = () => tell({ ...call, target: by ?? call.target }, { event: 'answered' });
      return tellIf(calls.answer(call, by), told);
    },
    waits: (call, notice) => tellIf(calls.waits(call, notice), () => tell(call, { event: 'waiting', ...notice })),
    confirm: (call, by, dialogs) => {
      const { picker, method } = by;
      tell(call, { event: 'picked-up', picker, method });
      return calls.confirm(call, by, dialogs);
    },
    stolen: (call, by, dialogs) => {
      const { picker, method, from } = by;
      tell(call, { event: 'picked-up', picker, method, ...(from !== undefined && { from }) });
      return calls.stolen(call, by, dialogs);
    },
    end: (call, result, dialogs) => {
      // What is ended without having begun here is what an earlier life of this instance has left behind.
      const isOurs = rings.delete(call.id);
      if (isOurs) tell(call, { event: 'ended', result, ...(call.history && { history: call.history }) });
      return calls.end(call, result, dialogs);
    },
  };
};

/** Tells if the store says that it is so, or cannot say; what the store says is passed on. */
const tellIf = async (asked: Promise<boolean>, tell: () => void): Promise<boolean> => {
  const isSo = await asked.catch((error) => {
    tell();
    throw error;
  });
  if (isSo) tell();
  return isSo;
};

/** Has one event posted, if the company wants its webhook to be told of such. */
export const tellEvent = (deps: TellEventDeps, call: CallRecord, what: Told): void => {
  const tenant = deps.tenant(call.tenant);
  if (!tenant?.webhook?.events.has(what.event)) return;
  const id = deps.newId();
  const body = deps.write(tenant, { id, at: deps.now(), news: callNews(call, what) });
  if (body !== undefined) deps.webhooks.send(tenant.id, { id, body });
};
