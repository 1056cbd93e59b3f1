import type { ExtensionEntry, Tenant } from '../office.js';
import { actsOnCalls } from '../rules/callee.js';
import type { Act } from '../rules/rule.js';
import type { Missing } from './words.js';

/** By what the callee keeps an act away, whatever the models grant. */
export const missingFromCallee = (tenant: Tenant, callee: ExtensionEntry, act: Act): Missing[] => {
  const found: Missing[] = [];
  if (act === 'pickup' && callee.refusesPickup) {
    const code = tenant.codes['pickup-allow']?.[0];
    found.push({
      model: 'callee',
      why: `${callee.number} has opted out of being picked up.`,
      remedy: code
        ? `${callee.number} can dial ${code} to allow it again.`
        : `Write refusesPickup: false at the extension ${callee.number} in the office file.`,
    });
  }
  if (callee.isPrivate && actsOnCalls.has(act)) {
    found.push({
      model: 'callee',
      why: `The calls of ${callee.number} are private: nobody else may take, watch or join them.`,
      remedy: `Write private: false at the extension ${callee.number} in the office file.`,
    });
  }
  return found;
};
