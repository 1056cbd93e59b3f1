import './office-store/store.js';
import './office-store/offices.js';
import './office-store/starts.js';
import './office-store/cluster.js';
import './office-store/imports.js';
