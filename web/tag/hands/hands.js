/*
 * The hands: the part of the tag that lives in the hidden frame, with built-ins that no script of the page has touched. They
 * tell the brain what the ear heard, and do in the page what the brain asks for.
 */
import { act } from "./acting.js";
import { copied } from "./reach.js";
import { start } from "./starting.js";

// A copy: the page may do with it what it likes, and its arrays may write themselves as they like.
const status = () => ear.up?.ask("status", { facts: copied(ear.facts) }) || copied({ ...BUNDLE.status, ...ear.facts });

Object.assign(ear, { act, status });
start();
