import { useState } from "react";
import { useTexts } from "@/texts";
import { Icon } from "@/ui/Icon";
import { addresses } from "./api";
import styles from "./PatientImages.module.css";

/** A small picture that opens the large one; an icon where there is none to be made. Loaded when it comes into view. */
export function Thumbnail({ snapshot, path, name, onPress }: { snapshot: string; path: string; name: string; onPress: () => void }) {
  const { restore } = useTexts();
  const [broken, setBroken] = useState(false);
  return (
    <button type="button" className={styles["thumbnail"]} aria-label={`${restore.patient.preview}: ${name}`} onClick={onPress}>
      {broken ? (
        <Icon name="image" size={32} />
      ) : (
        <img src={addresses.thumbnail(snapshot, path)} alt="" loading="lazy" onError={() => { setBroken(true); }} />
      )}
    </button>
  );
}
