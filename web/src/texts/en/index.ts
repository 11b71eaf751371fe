import { audit } from "./audit";
import { backup } from "./backup";
import { common } from "./common";
import { drills } from "./drills";
import { overview } from "./overview";
import { problems } from "./problems";
import { restore } from "./restore";
import { runs } from "./runs";
import { settings } from "./settings";
import { setup } from "./setup";
import { shell } from "./shell";
import { signin } from "./signin";
import { tokens } from "./tokens";

/** English: the language that defines which texts there are. */
export const en = { common, problems, shell, signin, runs, overview, backup, drills, restore, setup, settings, tokens, audit };
