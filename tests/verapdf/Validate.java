import java.io.FileInputStream;
import org.verapdf.core.VeraPDFException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints one line a broken rule: flavour, clause, test number, message. Arguments: flavour file, flavour file, ... */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int place = 0; place + 1 < arguments.length; place += 2) {
            check(arguments[place], arguments[place + 1]);
        }
    }

    private static void check(String name, String file) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
        try (FileInputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    System.out.println(String.join("\t", name, one.getRuleId().getClause(),
                            String.valueOf(one.getRuleId().getTestNumber()),
                            String.valueOf(one.getMessage()).replaceAll("\\s+", " ")));
                }
            }
            System.out.println(String.join("\t", name, file, result.isCompliant() ? "pass" : "fail"));
        }
    }
}
