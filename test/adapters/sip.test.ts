import './sip/header-rows.js';
import './sip/digest-rows.js';
import './sip/identity-rows.js';
import './sip/request-rows.js';
import './sip/register-rows.js';
import './sip/invite-rows.js';
import './sip/replaces-rows.js';
import './sip/pickup-rows.js';
