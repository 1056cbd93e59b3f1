import fc from 'fast-check';
import t from 'tap';
import { type DialogState, dialogStates } from '../../src/domain/dialog.js';
import type { Heard } from '../../src/flows/watch/watcher-phone.js';
import { dialog, watchStage } from './watch-stage.js';

/** What may happen to a watched extension. */
type Happening =
  | { readonly kind: 'change'; readonly which: number }
  | { readonly kind: 'end'; readonly which: number }
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'answer'; readonly heard: Heard }
  | { readonly kind: 'refresh' };

const which = fc.integer({ min: 0, max: 3 });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('change' as const), which }),
  fc.record({ kind: fc.constant('end' as const), which }),
  fc.record({ kind: fc.constant('time' as const), milliseconds: fc.constantFrom(1, 50, 150, 200, 1_000) }),
  fc.record({
    kind: fc.constant('answer' as const),
    heard: fc.constantFrom<Heard>({ kind: 'taken' }, { kind: 'refused' }, { kind: 'later', seconds: 1 }),
  }),
  fc.constant({ kind: 'refresh' as const }),
);

/** A document of the stage, read again. */
const read = (document = '') => {
  const [version, ...parts] = document.split(' ');
  const shown = parts.filter((part) => part.includes(':')).map((part) => part.split(':') as [string, DialogState]);
  return { version: Number(version), shown: new Map(shown) };
};

/** The dialogs of Bob as they happen: each goes forward, and ends. */
const life = (bobs: ReturnType<typeof watchStage>['bobs']) => {
  const now = new Map<number, { id: string; rank: number }>();
  let serial = 0;
  return {
    change: (place: number) => {
      const known = now.get(place);
      const next = known ? { ...known, rank: Math.min(known.rank + 1, 3) } : { id: `d${serial++}`, rank: 0 };
      now.set(place, next);
      bobs.changes(dialog(next.id, dialogStates[next.rank] ?? 'confirmed'));
    },
    end: (place: number) => {
      const known = now.get(place);
      now.delete(place);
      if (known) bobs.changes(dialog(known.id, 'terminated'));
    },
    get shown() {
      return new Map([...now.values()].map(({ id, rank }) => [id, dialogStates[rank]]));
    },
  };
};

t.test(
  'D13: whatever happens: versions without a gap, dialogs only forward, each end shown, the last state right',
  async (t) => {
    const property = fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
      const { begins, bobs, passes } = watchStage(t);
      const dialogs = life(bobs);
      const { subscription, phone } = await begins(Array.from({ length: 500 }, () => 'mute' as const));
      for (const each of happenings) {
        if (each.kind === 'time') await passes(each.milliseconds);
        else if (each.kind === 'answer') await phone.answersNow(each.heard);
        else if (each.kind === 'refresh') subscription.refresh(3600);
        else dialogs[each.kind](each.which);
      }
      subscription.refresh(3600);
      for (let i = 0; i < 10; i += 1) {
        await phone.answersNow();
        await passes(2_000);
      }
      judge(phone.documents.map(read));
      const last = read(phone.last?.document).shown;
      const open = new Map([...last].filter(([, state]) => state !== 'terminated'));
      t.strictSame([...open].sort(), [...dialogs.shown].sort());
      t.equal(phone.mostOpen, 1, 'never two in flight');
    });
    await fc.assert(property, { seed: 4235, numRuns: 300 });

    function judge(documents: ReturnType<typeof read>[]): void {
      t.strictSame(
        documents.map(({ version }) => version),
        documents.map((_, place) => place),
      );
      const ranks = new Map<string, number>();
      let before = new Map<string, DialogState>();
      for (const { shown } of documents) {
        for (const [id, state] of shown) {
          const rank = dialogStates.indexOf(state);
          if (rank < (ranks.get(id) ?? 0)) t.fail(`${id} is ${state} again`);
          ranks.set(id, rank);
        }
        for (const [id, state] of before) if (state !== 'terminated' && !shown.has(id)) t.fail(`${id} has vanished`);
        before = shown;
      }
    }
  },
);
