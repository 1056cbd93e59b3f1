import type { TenantId } from '../domain/names.js';
import type { Fault, InstallationDocument, TenantDocument } from '../domain/tenant-document.js';
import { faultsOfInstallation, faultsOfTenant } from '../domain/tenant-faults.js';
import { judgeTenant } from './judge-document.js';
import { installationTurn, mostTries, type OfficeKeeping } from './office-keeping.js';
import type { FoundTenant, StoredTenant } from './office-store.js';
import type { Changed, Edited, Offices } from './offices.js';

/** One try of a change; `again` if somebody else wrote meanwhile. */
type Tried<Refusal> = Changed<Refusal> | 'again';

/** Changes a company's document in the store and here. */
export const makeChangeTenant =
  (keeping: OfficeKeeping): Offices['change'] =>
  (id, edit) =>
    keeping.turns(id, () => tryAgain(keeping, { tenant: id }, () => changeTenantOnce(keeping, id, edit)));

/** The same for what is not one company's. */
export const makeChangeInstallation =
  (keeping: OfficeKeeping): Offices['changeInstallation'] =>
  (edit) =>
    keeping.turns(installationTurn, () => tryAgain(keeping, {}, () => changeInstallationOnce(keeping, edit)));

const tryAgain = async <Refusal>(
  { log }: OfficeKeeping,
  facts: object,
  once: () => Promise<Tried<Refusal>>,
): Promise<Changed<Refusal>> => {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const tried = await once();
    if (tried !== 'again') return tried;
    await pauseAfter(tries);
  }
  log.warn(facts, 'office not changed, others write all the time');
  return { ok: false, why: 'store-unreachable' };
};

/** Longer each time and never the same for two instances, so that who lost once does not lose ten times. */
const pauseAfter = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** (tries + 1)));

const changeTenantOnce = async <Refusal>(
  keeping: OfficeKeeping,
  id: TenantId,
  edit: (document: TenantDocument) => Edited<TenantDocument, Refusal>,
): Promise<Tried<Refusal>> => {
  const asked = await answerOf(keeping, () => keeping.store.tenant(id));
  if (!asked.ok) return storeAway;
  // A store that has lost the company gets it again with the change.
  const found: FoundTenant | undefined = asked.answer ?? keeping.book.tenant(id);
  if (!found) return { ok: false, why: 'no-such-tenant' };
  const result = editFound(keeping, found, edit);
  if (!result.ok) return result;

  const { version, personal } = found;
  if (asked.answer && result.isSame) {
    keeping.book.put({ id, version, document: result.document, personal });
    return { ok: true, version };
  }
  return write(keeping, { id, version, document: result.document, personal });
};

type EditedTenant<Refusal> =
  | { ok: true; document: TenantDocument; isSame: boolean }
  | Extract<Changed<Refusal>, { ok: false }>;

/** The document that the edit makes of what was found, judged beside all others. */
const editFound = <Refusal>(
  { reader, book }: OfficeKeeping,
  { id, document: value }: FoundTenant,
  edit: (document: TenantDocument) => Edited<TenantDocument, Refusal>,
): EditedTenant<Refusal> => {
  const installation = book.installation.document;
  // What cannot be read cannot be changed either: it may be of a newer release, and must not lose what that one knows.
  const before = judgeTenant(reader, { id, value, installation });
  if (!before.ok) return { ok: false, why: 'faults', faults: before.faults };
  const edited = edit(structuredClone(before.document));
  if (!edited.ok) return { ok: false, why: 'refused', refusal: edited.refusal };
  const after = judgeTenant(reader, { id, value: edited.document, installation, others: book.others(id) });
  if (!after.ok) return { ok: false, why: 'faults', faults: after.faults };
  const isSame = JSON.stringify(after.document) === JSON.stringify(before.document);
  return { ok: true, document: after.document, isSame };
};

/** Writes a changed document; what was said for extensions that it has no more goes with them. */
const write = async <Refusal>(keeping: OfficeKeeping, changed: StoredTenant): Promise<Tried<Refusal>> => {
  const { store, book, log } = keeping;
  const { id, version, document, personal } = changed;
  const saved = await answerOf(keeping, () => store.save({ id, version, document }));
  if (!saved.ok) return storeAway;
  if (saved.answer === 'stale') return 'again';
  const gone = Object.keys(personal).filter((number) => !Object.hasOwn(document.extensions, number));
  const kept = Object.fromEntries(Object.entries(personal).filter(([number]) => !gone.includes(number)));
  book.put({ id, version: version + 1, document, personal: kept });
  if (gone.length > 0) await answerOf(keeping, () => store.forgetPersonal(id, gone));
  log.info({ tenant: id, version: version + 1 }, 'tenant changed');
  return { ok: true, version: version + 1 };
};

const changeInstallationOnce = async <Refusal>(
  keeping: OfficeKeeping,
  edit: (document: InstallationDocument) => Edited<InstallationDocument, Refusal>,
): Promise<Tried<Refusal>> => {
  const { store, reader, book, log } = keeping;
  const asked = await answerOf(keeping, () => store.installation());
  if (!asked.ok) return storeAway;
  const found = asked.answer.version > 0 ? asked.answer : book.installation;
  const before = reader.installation(found.document);
  if (!before.ok) return { ok: false, why: 'faults', faults: before.faults };

  const edited = edit(structuredClone(before.document));
  if (!edited.ok) return { ok: false, why: 'refused', refusal: edited.refusal };
  const after = reader.installation(edited.document);
  if (!after.ok) return { ok: false, why: 'faults', faults: after.faults };
  const faults = installationFaults(keeping, after.document);
  if (faults.length > 0) return { ok: false, why: 'faults', faults };

  const { version } = found;
  const saved = await answerOf(keeping, () => store.saveInstallation({ version, document: after.document }));
  if (!saved.ok) return storeAway;
  if (saved.answer === 'stale') return 'again';
  book.putInstallation({ version: version + 1, document: after.document });
  log.info({ version: version + 1 }, 'installation changed');
  return { ok: true, version: version + 1 };
};

/** A brand's codes are its companies' codes: each of them is judged with the new ones. */
const installationFaults = ({ book }: OfficeKeeping, installation: InstallationDocument): Fault[] => {
  if (installation.sipAuth !== undefined) return [{ path: ['sipAuth'], why: 'is said in the office file only' }];
  const ofTenants = book.ids.flatMap((id) => {
    const document = book.tenant(id)?.document;
    if (document?.brand === undefined) return [];
    return faultsOfTenant({ id, document, installation }).map(({ path, why }) => ({
      path: ['tenants', id, ...path],
      why,
    }));
  });
  return [...faultsOfInstallation(installation), ...ofTenants];
};

const storeAway = { ok: false, why: 'store-unreachable' } as const;

const answerOf = async <T>(
  { log }: OfficeKeeping,
  ask: () => Promise<T>,
): Promise<{ ok: true; answer: T } | { ok: false }> => {
  try {
    return { ok: true, answer: await ask() };
  } catch (error) {
    log.warn({ error: String(error) }, 'store away, office not changed');
    return { ok: false };
  }
};
