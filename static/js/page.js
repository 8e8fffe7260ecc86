/**
 * What every page does beside leaving quickly, one behaviour a script. They travel as one file
 * (config/static_files.py), each with names of its own.
 */
import "./mine.js";
import "./once.js";
import "./live.js";
import "./day.js";
import "./drafts.js";
import "./focus.js";
import "./resting.js";
import "./taps.js";
import "./notices.js";
import "./say.js";
