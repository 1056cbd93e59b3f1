import { conflictsIn, faultOfCode, type Service, type ServiceCodes, services } from '../service-code.js';
import type { Fault } from '../tenant-document.js';

/** What is wrong with service codes as they are written at this place. */
export const codeFaults = (codes: Record<string, string[]>, path: readonly string[]): Fault[] =>
  Object.entries(codes).flatMap(([service, own]) => {
    if (!services.includes(service as Service)) {
      return [{ path: [...path, service], why: `is no service; there are ${services.join(', ')}` }];
    }
    return own.flatMap((code, index) => {
      const why = faultOfCode(code);
      return why === undefined ? [] : [{ path: [...path, service, String(index)], why }];
    });
  });

/** Codes that stand for several services once all levels are put together. */
export const conflictFaults = (codes: ServiceCodes, path: readonly string[]): Fault[] =>
  conflictsIn(codes).map(({ code, services: by }) => ({ path, why: `${code} stands for ${by.join(' and ')}` }));
