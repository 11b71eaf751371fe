// Commands for a practice whose server is a Windows computer: the backup computer pulls from it, and may only read.

export const windowsCommands = {
  /** On the database server, once: an account that may read and lock, and no more. */
  user: [
    "CREATE USER 'enamel'@'%' IDENTIFIED BY 'A LONG PASSWORD OF YOUR OWN';",
    "GRANT RELOAD, PROCESS, BINLOG MONITOR ON *.* TO 'enamel'@'%';",
    "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON opendental.* TO 'enamel'@'%';",
    "GRANT SELECT ON mysql.* TO 'enamel'@'%';",
  ],
  /** On the backup computer: the image folder and the database's data folder, read-only. */
  mount: (server: string) => {
    const name = /^[A-Za-z0-9._-]+$/.test(server) ? server : "SERVER";
    return [
      "sudo apt install cifs-utils",
      "sudo mkdir -p /mnt/opendentimages /mnt/mysql-data",
      "printf 'username=%s\\npassword=%s\\n' USER PASSWORD | sudo install -m 600 /dev/stdin /etc/enamel/share-account",
      `echo '//${name}/OpenDentImages /mnt/opendentimages cifs ro,credentials=/etc/enamel/share-account,_netdev,nofail 0 0' | sudo tee -a /etc/fstab`,
      `echo '//${name}/mysql-data /mnt/mysql-data cifs ro,credentials=/etc/enamel/share-account,_netdev,nofail 0 0' | sudo tee -a /etc/fstab`,
      "sudo mount -a",
    ];
  },
};
