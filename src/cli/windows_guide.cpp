#include "cli/windows_guide.h"

#include <fmt/format.h>

#include "base/printable.h"

namespace enamel::cli {
namespace {

// uid: the files seem to be the service's own; automount: a server that is off keeps nothing from starting.
constexpr const char* kMountOptions =
    "credentials=/etc/enamel/smb-credentials,uid=enamel,forceuid,file_mode=0400,dir_mode=0500,nofail,_netdev,"
    "x-systemd.automount";

}  // namespace

std::string windowsGuideText(const WindowsGuide& guide) {
  return fmt::format(
      R"(Backing up a Windows server from this computer
The server then holds no key to its backups, and whatever befalls it does not reach them.

1. On {server}, in the MariaDB client, as its administrator (`{database}` is the practice's database):

     CREATE USER 'enamel'@'{here}' IDENTIFIED BY 'a long password';
     GRANT RELOAD, PROCESS, BINLOG MONITOR ON *.* TO 'enamel'@'{here}';
     GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `{database}`.* TO 'enamel'@'{here}';
     GRANT SELECT ON mysql.* TO 'enamel'@'{here}';

   Before MariaDB 10.5 the right BINLOG MONITOR is called REPLICATION CLIENT. Let port 3306 through the
   firewall for this computer, and see that my.ini does not bind the server to 127.0.0.1.

2. On {server}, in Windows: an account such as enamel-backup without other rights; share the image folder
   (OpenDentImages) and MariaDB's data folder (SHOW VARIABLES LIKE 'datadir'), both for that account and to
   read only. Without the data folder backups work, too, but the office waits while changed tables are read.

3. On this computer:

     sudo apt-get install cifs-utils
     sudo install -m 600 /dev/null /etc/enamel/smb-credentials
     sudoedit /etc/enamel/smb-credentials        # two lines: username=enamel-backup, password=...
     sudo mkdir -p /mnt/OpenDentImages /mnt/opendental-data

   and in /etc/fstab, each on one line:

     //{server}/OpenDentImages /mnt/OpenDentImages cifs ro,{options} 0 0
     //{server}/data /mnt/opendental-data cifs ro,actimeo=0,{options} 0 0

     sudo systemctl daemon-reload && sudo mount /mnt/OpenDentImages && sudo mount /mnt/opendental-data

4. Then: enamel setup --database mariadb://enamel@{server}/{database} --data-folder /mnt/opendental-data \
             --images /mnt/OpenDentImages
)",
      fmt::arg("server", printable(guide.server)), fmt::arg("database", printable(guide.database)),
      fmt::arg("options", kMountOptions), fmt::arg("here", printable(guide.this_computer)));
}

}  // namespace enamel::cli
