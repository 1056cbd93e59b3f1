import type { Leg } from '../support/phone.js';
import type { ShownDialog, ShownDocument, Watcher } from '../support/watcher.js';

/** What a lamp blinks for: the dialog of this phone, which rings. */
export const blinks = async (watcher: Watcher, { request }: Leg): Promise<ShownDialog> => {
  const isIt = ({ state, direction, callId }: ShownDialog) =>
    state === 'early' && direction === 'recipient' && callId === request.callId;
  const { dialogs } = await watcher.sees((document) => document.dialogs.some(isIt));
  return dialogs.find(isIt) as ShownDialog;
};

/** Nothing rings there and nobody talks. */
export const isDark = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');

/** What a phone puts into the INVITE of a pressed key. */
export interface Press {
  readonly target: string;
  readonly Replaces?: string;
}

/** A phone that is watched pressing a blinking key. */
export interface Key {
  readonly make: string;
  /** As it stands in its User-Agent. */
  readonly phone: string;
  /** The setting that makes it do so. */
  readonly setting: string;
  /** What the pickup is counted as. */
  readonly kind: 'replaces' | 'directed';
  /** Makes an INVITE of what the NOTIFY showed: of nothing else, so that a story is true only if the NOTIFY has it. */
  readonly presses: (shown: ShownDialog) => Press;
}

const said = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the NOTIFY has no ${what}`);
  return value;
};

/** The Replaces of RFC 3891: to-tag is the notifier's, from-tag the watched phone's. */
export const replacesOf = ({ callId, localTag, remoteTag }: ShownDialog): string =>
  `${said(callId, 'call-id')};to-tag=${said(remoteTag, 'remote-tag')};from-tag=${said(localTag, 'local-tag')}`;

/** The same with the tags in each other's place. */
export const swappedOf = ({ callId, localTag, remoteTag }: ShownDialog): string =>
  `${said(callId, 'call-id')};to-tag=${said(localTag, 'local-tag')};from-tag=${said(remoteTag, 'remote-tag')}`;

/** What stands in the remote target: the code that picks up. */
export const remoteTarget = ({ remote }: ShownDialog): string => said(remote.target, 'remote target');

const caller = ({ remote }: ShownDialog): string => said(remote.identity, 'remote identity');
const callee = ({ local }: ShownDialog): string => said(local.target, 'local target');

const byIds = (target: (shown: ShownDialog) => string): Pick<Key, 'kind' | 'presses'> => ({
  kind: 'replaces',
  presses: (shown) => ({ target: target(shown), Replaces: replacesOf(shown) }),
});

const byCode = (target: string): Pick<Key, 'kind' | 'presses'> => ({ kind: 'directed', presses: () => ({ target }) });

const of = (
  make: string,
  phone: string,
  ways: readonly [setting: string, way: Pick<Key, 'kind' | 'presses'>][],
): Key[] => ways.map(([setting, way]) => ({ make, phone, setting, ...way }));

/** Every way that a blinking key picks up strictly by the book (docs/phones.md). */
export const keys: readonly Key[] = [
  ...of('Yealink', 'Yealink SIP-T46U 108.86.0.118', [
    ['account.1.dialoginfo_callpickup = 1', byIds(callee)],
    ['account.1.dialoginfo_callpickup = 0', byCode('*95101')],
  ]),
  ...of('Snom', 'snomD785/10.1.175.16', [
    ['Replaces to the remote target', byIds(remoteTarget)],
    ['the remote target alone', { kind: 'directed', presses: (shown) => ({ target: remoteTarget(shown) }) }],
    ['the code behind the bar of fkey', byCode('*95101')],
  ]),
  ...of('Polycom', 'PolycomVVX-VVX_411-UA/6.4.6.2494', [
    ['call.directedCallPickupMethod = native, to the callee', byIds(callee)],
    ['call.directedCallPickupMethod = native, to the caller', byIds(caller)],
    ['call.directedCallPickupMethod = legacy', byCode('*95101')],
  ]),
  ...of('Grandstream', 'Grandstream GRP2616 1.0.11.57', [
    ['forcePrefix = Auto, to the prefix', byIds(() => '**101')],
    ['forcePrefix = Auto, to the callee', byIds(callee)],
    ['forcePrefix = Force', byCode('**101')],
  ]),
  ...of('Cisco', 'Cisco/SPA525G2-7.6.2', [
    ['Attendant_Console_Call_Pickup_Code = *98', byCode('*98101')],
    ['Attendant_Console_Call_Pickup_Code = *8#', byCode('*8#101')],
  ]),
  ...of('Cisco', 'Cisco-CP-8851-3PCC/11.3.1', [['Call_Pickup_Code = *8, # at the end', byCode('*8101#')]]),
  ...of('Cisco', 'Linksys/SPA962-6.1.5(a)', [['Replaces', byIds(callee)]]),
  ...of('Mitel', 'Mitel 6867i/6.3.0.1020', [
    ['directed call pickup: 1', byIds(callee)],
    ['directed call pickup prefix: *98', byCode('*98101')],
  ]),
  ...of('Obihai', 'OBIHAI/OBi1062-5.1.11.4858', [
    ['X_DirectedCallPickupMethod = Replaces', byIds(callee)],
    ['X_DirectedCallPickupMethod = Feature Code', byCode('*95101')],
  ]),
  ...of('Unify', 'OpenStage_60_V3 R5.13.0', [['blf-code', byCode('*95101')]]),
  ...of('Fanvil', 'Fanvil X6U 2.4.6', [['101@1/ba*95101', byCode('*95101')]]),
];
