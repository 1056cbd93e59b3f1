import type { Dialect } from './api.js';
import { ivoz } from './ivoz/dialect.js';
import { telecomx } from './telecomx/dialect.js';
import { uis } from './uis/dialect.js';
import { v1 } from './v1/dialect.js';
import { voipnow } from './voipnow/dialect.js';

/** Every dialect that is spoken here. */
export const dialects: readonly Dialect[] = [uis, ivoz, telecomx, voipnow, v1];
