import t from 'tap';
import { bodyRows } from './telecomx/body-rows.js';
import { controllerRows } from './telecomx/controller-rows.js';
import { messageRows } from './telecomx/message-rows.js';
import { orderRows } from './telecomx/order-rows.js';
import { readRows } from './telecomx/read-rows.js';
import { writeRows } from './telecomx/write-rows.js';

readRows(t);
writeRows(t);
bodyRows(t);
controllerRows(t);
orderRows(t);
messageRows(t);
