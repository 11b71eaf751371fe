import { Route, Switch } from "wouter";
import { DrillsScreen } from "./DrillsScreen";
import { ReportScreen } from "./ReportScreen";

export function DrillsArea() {
  return (
    <Switch>
      <Route path="/drills/:id">{({ id }) => <ReportScreen key={id} id={Number(id)} />}</Route>
      <Route>
        <DrillsScreen />
      </Route>
    </Switch>
  );
}
