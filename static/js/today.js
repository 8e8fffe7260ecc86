/** What Today does beside every page. Push is not on every Today. */
import "./push.js";
import "./copy.js";
import "./clock.js";
