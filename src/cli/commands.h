#pragma once

namespace CLI {
class App;
}

namespace enamel::cli {

struct Context;

// One file a command: x_command.cpp. See command.h for how a command is added.
void addInitCommand(CLI::App& app, Context& context);
void addBackupCommand(CLI::App& app, Context& context);
void addBackupNowCommand(CLI::App& backup, Context& context);  // below `backup`
void addSnapshotsCommand(CLI::App& app, Context& context);
void addLsCommand(CLI::App& app, Context& context);
void addRestoreCommand(CLI::App& app, Context& context);
void addGoLiveCommand(CLI::App& app, Context& context);
void addUndoCommand(CLI::App& app, Context& context);
void addDrillCommand(CLI::App& app, Context& context);
void addCheckCommand(CLI::App& app, Context& context);
void addForgetCommand(CLI::App& app, Context& context);
void addPruneCommand(CLI::App& app, Context& context);
void addKeyCommand(CLI::App& app, Context& context);
void addUnlockCommand(CLI::App& app, Context& context);
void addStatusCommand(CLI::App& app, Context& context);
void addRunsCommand(CLI::App& app, Context& context);
void addServeCommand(CLI::App& app, Context& context);
void addSetupCommand(CLI::App& app, Context& context);
void addKitCommand(CLI::App& app, Context& context);
void addConfigCommand(CLI::App& app, Context& context);
void addAdministratorCommand(CLI::App& app, Context& context);
void addSampleCommand(CLI::App& app, Context& context);
void addCompletionCommand(CLI::App& app, Context& context);
void addManCommand(CLI::App& app, Context& context);

}  // namespace enamel::cli
