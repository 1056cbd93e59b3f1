import './dialog-info-rows.js';
import './dialog-info-size.js';
import './dialog-info-schema.js';
import './dialog-info-names.js';
import './presence-rows.js';
import './publish-rows.js';
