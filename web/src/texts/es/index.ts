import type { Texts } from "..";
import { backup } from "./backup";
import { common } from "./common";
import { drills } from "./drills";
import { overview } from "./overview";
import { problems } from "./problems";
import { restore } from "./restore";
import { runs } from "./runs";
import { shell } from "./shell";
import { signin } from "./signin";

export const es: Texts = { common, problems, shell, signin, runs, overview, backup, drills, restore };
