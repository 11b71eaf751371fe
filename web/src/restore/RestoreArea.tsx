import { Route, Switch } from "wouter";
import { CopyScreen } from "./CopyScreen";
import { FilesScreen } from "./FilesScreen";
import { MomentScreen } from "./MomentScreen";
import { OfficeScreen } from "./OfficeScreen";
import { PracticeScreen } from "./PracticeScreen";
import { RunScreen } from "./RunScreen";
import { StartScreen } from "./StartScreen";
import { TableScreen } from "./TableScreen";

export function RestoreArea() {
  return (
    <Switch>
      <Route path="/restore/office" component={OfficeScreen} />
      <Route path="/restore/moment" component={MomentScreen} />
      <Route path="/restore/table" component={TableScreen} />
      <Route path="/restore/files" component={FilesScreen} />
      <Route path="/restore/practice" component={PracticeScreen} />
      <Route path="/restore/runs/:id">{({ id }) => <RunScreen key={id} id={Number(id)} />}</Route>
      <Route path="/restore/copies/:name">{({ name }) => <CopyScreen key={name} name={name} />}</Route>
      <Route component={StartScreen} />
    </Switch>
  );
}
