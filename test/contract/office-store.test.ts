import './office-store/store.js';
import './office-store/offices.js';
import './office-store/phone-changes.js';
import './office-store/publications.js';
import './office-store/starts.js';
import './office-store/cluster.js';
import './office-store/imports.js';
