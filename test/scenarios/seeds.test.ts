import t from 'tap';
import { ground } from '../support/service.js';
import { replayIvoz } from './seeds-ivoz.js';
import { seedsStage } from './seeds-stage.js';
import { replayTelecomx } from './seeds-telecomx.js';
import { replayUis } from './seeds-uis.js';
import { replayVoipnow } from './seeds-voipnow.js';

t.comment(`what the four seed documents print, replayed against the running service, on ${ground}`);

const stage = await seedsStage(t);

t.test('UIS: Call Control Groups', (t) => replayUis(t, stage));

t.test('TelecomX: API, PBX, Group Get', (t) => replayTelecomx(t, stage));

t.test('VoipNow: PickUp Phone Calls', (t) => replayVoipnow(t, stage));

t.test('IvozProvider: Pick up groups', (t) => replayIvoz(t, stage));
