import { type DialogChange, dialogStates } from '../../src/domain/dialog.js';

/** What was shown of one dialog: `101 b-desk: early, confirmed, terminated local-bye`. */
export const historyOf = (shown: readonly DialogChange[]): string[] => {
  const histories = new Map<string, string[]>();
  for (const { extension, dialog } of shown) {
    const { id, state, event, code } = dialog;
    const history = histories.get(`${extension} ${id}`) ?? [];
    history.push([state, event, code].filter((part) => part !== undefined).join(' '));
    histories.set(`${extension} ${id}`, history);
  }
  return [...histories].map(([id, history]) => `${id}: ${history.join(', ')}`);
};

/** Dialogs that went backward, changed after they were over, or are not over (RFC 4235 section 3.7.1). */
export const faultsOf = (shown: readonly DialogChange[]): string[] => {
  const last = new Map<string, DialogChange>();
  const faults: string[] = [];
  for (const change of shown) {
    const { id, state } = change.dialog;
    const before = last.get(id)?.dialog.state ?? 'trying';
    const isBackward = dialogStates.indexOf(state) < dialogStates.indexOf(before);
    if (isBackward || before === 'terminated') faults.push(`${id} is ${state} after ${before}`);
    last.set(id, change);
  }
  for (const [id, { dialog }] of last) if (dialog.state !== 'terminated') faults.push(`${id} stays ${dialog.state}`);
  return faults;
};
