import type { DialogIds } from '../../src/domain/dialog.js';
import type { Refusal } from '../../src/domain/outcome.js';
import type {
  Answer,
  DialRequest,
  DialResult,
  EndReason,
  IncomingLeg,
  Leg,
  Offer,
  OutgoingLeg,
  Party,
} from '../../src/flows/ports.js';

/** An established leg that remembers how it was ended. */
export interface FakeLeg extends Leg {
  readonly endings: EndReason[];
}

/** A moment that a test holds open. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

/** A gate that is shut until it is opened. */
export const gate = (): Gate => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
};

/** Lets everything that can happen now happen. */
export const quiet = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** The dialog between a party and us, as the party sees it. */
export const idsOf = (name: string): DialogIds => ({
  sipCallId: `${name}@phone`,
  localTag: `tag-of-${name}`,
  remoteTag: 'us',
});

const fakeLeg = (dialogId: string, all: FakeLeg[]): FakeLeg => {
  const endings: EndReason[] = [];
  const leg: FakeLeg = {
    dialogId,
    ids: idsOf(dialogId),
    endings,
    end: async (reason) => void endings.push(reason),
    change: async () => ({ ok: false, status: 488 }),
    ended: new Promise(() => undefined),
  };
  all.push(leg);
  return leg;
};

/** A phone that calls us, as caller or as picker. */
export interface FakeCaller extends IncomingLeg {
  /** What it got: `180`, `183`, `200 sdp`, `200 offer sdp`, or `status phrase`. */
  readonly heard: string[];
  readonly toldAbout: Party[];
  readonly legs: FakeLeg[];
  cancels(reason?: string): void;
  /** Whatever answers it waits for this. */
  waitsFor?: Gate;
  /** How an answer ends instead. */
  failsWith?: Refusal | Error;
  /** What its ACK carries when our 200 made the offer. */
  ackSdp?: string | undefined;
}

/** A phone with this offer. */
export const fakeCaller = (name: string, offer: Offer = { kind: 'sdp', body: `offer of ${name}` }): FakeCaller => {
  const listeners: ((reason?: string) => void)[] = [];
  let gone: { reason?: string } | undefined;
  let final = false;
  const answerAs = async (what: string, talksTo: Party): Promise<Answer> => {
    await caller.waitsFor?.passed;
    if (caller.failsWith instanceof Error) throw caller.failsWith;
    if (caller.failsWith) return { ok: false, refusal: caller.failsWith };
    if (gone || final) return { ok: false, refusal: 'picker-gone' };
    final = true;
    caller.heard.push(what);
    caller.toldAbout.push(talksTo);
    return { ok: true, leg: fakeLeg(name, caller.legs) };
  };
  const caller: FakeCaller = {
    sipCallId: idsOf(name).sipCallId,
    ids: idsOf(name),
    offer,
    heard: [],
    toldAbout: [],
    legs: [],
    ackSdp: `answer of ${name}`,
    get gone() {
      return gone !== undefined;
    },
    onGone: (listener) => (gone ? listener(gone.reason) : void listeners.push(listener)),
    ringing: (early) => {
      const line = early?.isProgress ? '183' : '180';
      if (!caller.heard.includes(line)) caller.heard.push(line);
    },
    answer: (body, talksTo) => answerAs(`200 ${body}`, talksTo),
    answerWithOffer: async (body, talksTo) => {
      const answered = await answerAs(`200 offer ${body}`, talksTo);
      return answered.ok && caller.ackSdp !== undefined ? { ...answered, sdp: caller.ackSdp } : answered;
    },
    refuse: (status, phrase, headers) => {
      if (gone || final) return;
      final = true;
      caller.heard.push([status, phrase, headers && JSON.stringify(headers)].filter(Boolean).join(' '));
    },
    cancels: (reason) => {
      if (final) return;
      gone = reason === undefined ? {} : { reason };
      for (const listener of listeners) listener(reason);
    },
  };
  return caller;
};

/** A phone that we ring. */
export interface FakePhone extends OutgoingLeg {
  readonly request: DialRequest;
  readonly stops: EndReason[];
  readonly legs: FakeLeg[];
  /** What became of an offer of its own: what we acknowledged it with, or `abandoned`. */
  readonly acknowledged: string[];
  readonly isDone: boolean;
  rings(since?: number): void;
  answers(): void;
  offers(acknowledge?: () => Promise<Leg>): void;
  fails(status: number, reason?: string): void;
}

/** A phone that was dialled like this. It answers a CANCEL with 487. */
export const fakePhone = (name: string, request: DialRequest): FakePhone => {
  let settle: (result: DialResult) => void = () => undefined;
  let done = false;
  const result = new Promise<DialResult>((resolve) => {
    settle = (end) => {
      done = true;
      resolve(end);
    };
  });
  const phone: FakePhone = {
    id: name,
    ids: { sipCallId: idsOf(name).sipCallId, remoteTag: 'us' },
    request,
    result,
    stops: [],
    legs: [],
    acknowledged: [],
    get isDone() {
      return done;
    },
    rings: (since = 1_000) =>
      request.onRinging({ leg: name, ...idsOf(name), contact: request.uri, since, state: 'early' }),
    answers: () => settle({ kind: 'answered', leg: fakeLeg(name, phone.legs), sdp: `answer of ${name}` }),
    offers: (acknowledge) =>
      settle({
        kind: 'offered',
        ids: idsOf(name),
        sdp: `offer of ${name}`,
        acknowledge: async (answer) => {
          phone.acknowledged.push(answer);
          return acknowledge ? acknowledge() : fakeLeg(name, phone.legs);
        },
        abandon: async () => void phone.acknowledged.push('abandoned'),
      }),
    fails: (status, reason) => settle({ kind: 'failed', status, ...(reason !== undefined && { reason }) }),
    stop: (reason) => {
      phone.stops.push(reason);
      if (!done) settle({ kind: 'failed', status: 487 });
    },
  };
  return phone;
};
