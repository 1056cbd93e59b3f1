import type { Binding } from './ports.js';

/** Where a number outside the company is called: at the trunk (a SIP URI without a user part), with the number as user. */
export const trunkPhone = (trunk: string, number: string): Binding => ({
  id: 'trunk',
  contact: trunk.replace(/^(sips?:)/, `$1${number}@`),
  path: [],
});
