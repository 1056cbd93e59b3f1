import type { Extension } from '../../domain/names.js';
import type { Delivery } from './messages.js';
import { writeToEach } from './write-to-each.js';

/** What became of a text at the phones of each member, in their order; nothing stands for a member without a phone. */
export type Deliveries = ReadonlyMap<Extension, readonly Delivery[]>;

/** Writes to the phones of every member of a group, a few members at a time. Rejects if the store cannot be reached. */
export const textMembers = async (
  members: readonly Extension[],
  write: (member: Extension) => Promise<readonly Delivery[]>,
): Promise<Deliveries> => {
  const found = new Map<Extension, readonly Delivery[]>(members.map((member) => [member, []]));
  await writeToEach([...found.keys()], async (member) => found.set(member, await write(member)));
  return found;
};

/** Whether the phone has the text. */
export const isDelivered = ({ status }: Delivery): boolean => status >= 200 && status < 300;
