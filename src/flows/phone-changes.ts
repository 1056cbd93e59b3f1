import type { Extension, TenantId } from '../domain/names.js';

/** Which extensions have changed phones, for all instances. Every method rejects if the store cannot be reached. */
export interface PhoneChanges {
  /** Both at once, or nothing: false if one of them has changed phones already. The company's news tell who asked: `one`. */
  change(tenant: TenantId, one: Extension, other: Extension): Promise<boolean>;
  /** With whom the extension had changed phones; undefined if it had its own. The news tell the same. */
  changeBack(tenant: TenantId, one: Extension): Promise<Extension | undefined>;
}

/** One try at a PIN: who dialled it, and whose it is to be. */
export interface PinTry {
  readonly tenant: TenantId;
  readonly picker: Extension;
  readonly target: Extension;
}

/** How often a wrong PIN was dialled, by whom and for whom. Every method rejects if the store cannot be reached. */
export interface PinTries {
  /** Counts a try before the PIN is looked at, so that many at once are no more than one after another; false is locked. */
  begin(made: PinTry): Promise<boolean>;
  /** The PIN was right: the try does not count. Wrong ones before it do. */
  forgive(made: PinTry): Promise<void>;
}
