import { Route, Switch } from "wouter";
import { BackupScreen } from "./BackupScreen";
import { CopyScreen } from "./CopyScreen";
import { HistoryScreen } from "./HistoryScreen";
import { KeepScreen } from "./KeepScreen";
import { RunScreen } from "./RunScreen";
import { ScheduleScreen } from "./ScheduleScreen";

/** The original's first tab: backing up, and the backups there are. */
export function BackupArea() {
  return (
    <Switch>
      <Route path="/backup/schedule">
        <ScheduleScreen />
      </Route>
      <Route path="/backup/keep">
        <KeepScreen />
      </Route>
      <Route path="/backup/history">
        <HistoryScreen />
      </Route>
      <Route path="/backup/runs/:id">{({ id }) => <RunScreen key={id} id={Number(id)} />}</Route>
      <Route path="/backup/copies/:id">{({ id }) => <CopyScreen key={id} id={id} />}</Route>
      <Route>
        <BackupScreen />
      </Route>
    </Switch>
  );
}
